import { theme, type ThemeConfig } from 'antd';

/** Each pair of text and background has a contrast of 4.5 at least; the dark algorithm darkens the colours that it is given. */
export function themeOf(dark: boolean): ThemeConfig {
  return {
    cssVar: { key: 'hutong' },
    algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: dark ? '#1f7d72' : '#0b6b62',
      colorInfo: dark ? '#4fc4b5' : '#0b6b62',
      colorLink: dark ? '#4fb8ab' : '#0b6b62',
      colorSuccess: dark ? '#66bb6a' : '#2e7d32',
      colorWarning: dark ? '#e0a02f' : '#955900',
      colorError: dark ? '#ff7875' : '#c62828',
      colorTextSecondary: dark ? 'rgba(255,255,255,0.72)' : 'rgba(0,0,0,0.65)',
      colorTextDescription: dark ? 'rgba(255,255,255,0.72)' : 'rgba(0,0,0,0.65)',
      colorTextPlaceholder: dark ? 'rgba(255,255,255,0.62)' : 'rgba(0,0,0,0.58)',
      ...(dark && { colorPrimaryTextActive: '#7fd6ca' }),
      colorPrimaryBg: dark ? '#123532' : '#e0f0ee',
      colorPrimaryBgHover: dark ? '#17433f' : '#cfe7e4',
      colorInfoBg: dark ? '#123532' : '#e8f3f2',
      colorInfoBorder: dark ? '#1f5a54' : '#a9d2cd',
      colorSuccessBg: dark ? '#16301a' : '#edf7ee',
      colorSuccessBorder: dark ? '#2f5c34' : '#b3d9b6',
      colorWarningBg: dark ? '#36270c' : '#fff6e5',
      colorWarningBorder: dark ? '#6b4d17' : '#f0cf93',
      borderRadius: 6,
      fontFamily:
        "system-ui, -apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans', sans-serif",
      fontFamilyCode: "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace",
      motion: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    },
    components: {
      ...(dark && { Button: { dangerColor: '#1a0d0d' } }),
      Descriptions: { labelColor: dark ? 'rgba(255,255,255,0.72)' : 'rgba(0,0,0,0.65)' },
    },
  };
}
